console.log('haute/deploy 1.0.0: smoke-test');
await (await import('../../dist/index.js')).run('github', 'smoke-test');
