console.log('haute/deploy 1.0.0: validate');
await (await import('../../dist/index.js')).run('github', 'validate');
