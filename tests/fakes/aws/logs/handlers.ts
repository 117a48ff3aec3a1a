import { AwsError } from '../aws-error.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import type { LogLine } from './state.ts';

export const logsHandlers: Handlers = {
  DescribeLogGroups(world, { logGroupNamePrefix: prefix = '', limit = 50 }) {
    const names = [...world.logs.groups.keys()].filter((name) => name.startsWith(String(prefix)));
    return {
      logGroups: names.slice(0, Number(limit)).map((name) => ({
        logGroupName: name,
        arn: `${world.arn('logs', `log-group:${name}`)}:*`,
        logGroupArn: world.arn('logs', `log-group:${name}`),
        creationTime: 0,
        metricFilterCount: 0,
        storedBytes: 0,
        logGroupClass: 'STANDARD',
      })),
    };
  },
  DescribeLogStreams(world, { logGroupName, logStreamNamePrefix: prefix = '', limit = 50 }) {
    const names = [...streamsOf(world, logGroupName).keys()].filter((name) => name.startsWith(String(prefix)));
    return { logStreams: names.slice(0, Number(limit)).map((name) => ({ logStreamName: name, storedBytes: 0 })) };
  },
  GetLogEvents(world, { logGroupName, logStreamName, limit = 10_000, startFromHead = false }) {
    const lines = streamsOf(world, logGroupName).get(String(logStreamName));
    if (!lines) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    const most = Number(limit);
    const found = startFromHead === true ? lines.slice(0, most) : lines.slice(-most);
    return {
      events: found.map(({ at, message }) => ({ timestamp: at, message, ingestionTime: at })),
      nextForwardToken: `f/${lines.length}`,
      nextBackwardToken: 'b/0',
    };
  },
  FilterLogEvents(world, { logGroupName, logStreamNames, logStreamNamePrefix, limit = 10_000, startTime = 0 }) {
    const streams = [...streamsOf(world, logGroupName)].filter(([name]) =>
      Array.isArray(logStreamNames)
        ? logStreamNames.includes(name)
        : name.startsWith(String(logStreamNamePrefix ?? '')),
    );
    const all = streams
      .flatMap(([stream, lines]) => lines.map((line) => ({ stream, ...line })))
      .filter(({ at }) => at >= Number(startTime))
      .sort((a, b) => a.at - b.at);
    return {
      events: all.slice(0, Number(limit)).map(({ stream, at, message }, index) => ({
        logStreamName: stream,
        timestamp: at,
        ingestionTime: at,
        message,
        eventId: String(index),
      })),
      searchedLogStreams: [],
    };
  },
};

function streamsOf(world: World, group: unknown): Map<string, LogLine[]> {
  const streams = world.logs.groups.get(String(group).replace(/^arn:aws:logs:[^:]+:\d+:log-group:/, ''));
  if (!streams) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return streams;
}
