console.log('haute/deploy 1.0.0: impact-report');
await (await import('../../dist/index.js')).run('github', 'impact-report');
