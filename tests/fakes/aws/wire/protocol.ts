import type { IncomingHttpHeaders } from 'node:http';
import type { AwsError } from '../aws-error.ts';
import type { Wire } from '../ecs/state.ts';
import { problemsOf } from '../models/check.ts';
import { OPERATIONS, readModel, type ServiceId, type ServiceModel } from '../models/model.ts';
import { readQuery, writeXml, writeXmlError } from './query.ts';

/** The call that a request means. */
export interface Meant {
  readonly service: ServiceId;
  readonly operation: string;
  readonly input: Wire;
}

export interface WireAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const SERVICES = Object.keys(OPERATIONS) as ServiceId[];
const JSON_TYPE = 'application/x-amz-json-1.1';

/** The two protocols that the services speak, by their published models: AWS JSON 1.1 and AWS query. */
export class Protocol {
  readonly #models = new Map<ServiceId, ServiceModel>();

  /** Undefined for what no service here knows. */
  meant(headers: IncomingHttpHeaders, body: string): Meant | undefined {
    const target = headers['x-amz-target'];
    return typeof target === 'string' ? this.#meantByTarget(target, body) : this.#meantByForm(body);
  }

  /** What is wrong with an input or an answer by the published model. */
  problems({ service, operation }: Meant, what: 'input' | 'output', value: Wire): readonly string[] {
    const model = this.#model(service);
    const shape = model.operations[operation]?.[what]?.shape;
    return shape === undefined ? [] : problemsOf(model, shape, value);
  }

  /** True for the services that speak AWS query. */
  isQuery(service: ServiceId): boolean {
    return this.#model(service).metadata.protocol === 'query';
  }

  answer({ service, operation }: Meant, answer: Wire, requestId: string): WireAnswer {
    const model = this.#model(service);
    if (model.metadata.protocol === 'json') return { status: 200, type: JSON_TYPE, body: JSON.stringify(answer) };
    const output = model.operations[operation]?.output;
    const body = writeXml(model, operation, output?.shape, output?.resultWrapper, answer, requestId);
    return { status: 200, type: 'text/xml', body };
  }

  refusal(service: ServiceId, { code, message, status }: AwsError, requestId: string): WireAnswer {
    const model = this.#model(service);
    if (model.metadata.protocol === 'json') {
      const body = JSON.stringify({ __type: code, message });
      return { status, type: JSON_TYPE, body, headers: { 'x-amzn-errortype': code } };
    }
    const published = model.shapes[code]?.error;
    const written = published?.code ?? (code === 'ThrottlingException' ? 'Throttling' : code);
    const body = writeXmlError(model, written, message, requestId);
    return { status: published?.httpStatusCode ?? status, type: 'text/xml', body };
  }

  unknown(): WireAnswer {
    return { status: 400, type: JSON_TYPE, body: '{"__type":"UnknownOperationException"}' };
  }

  #meantByTarget(target: string, body: string): Meant | undefined {
    const [prefix, operation = ''] = target.split('.');
    const service = SERVICES.find((id) => this.#model(id).metadata.targetPrefix === prefix);
    if (!service || !this.#model(service).operations[operation]) return undefined;
    const input = readJson(body);
    return input && { service, operation, input };
  }

  #meantByForm(body: string): Meant | undefined {
    const form = new URLSearchParams(body);
    const operation = form.get('Action') ?? '';
    const version = form.get('Version');
    const service = SERVICES.find((id) => {
      const { metadata, operations } = this.#model(id);
      return metadata.protocol === 'query' && metadata.apiVersion === version && operations[operation];
    });
    if (!service) return undefined;
    const model = this.#model(service);
    return { service, operation, input: readQuery(model, model.operations[operation]?.input?.shape, form) as Wire };
  }

  #model(service: ServiceId): ServiceModel {
    const model = this.#models.get(service) ?? readModel(service);
    this.#models.set(service, model);
    return model;
  }
}

function readJson(body: string): Wire | undefined {
  try {
    return JSON.parse(body === '' ? '{}' : body) as Wire;
  } catch {
    return undefined;
  }
}
