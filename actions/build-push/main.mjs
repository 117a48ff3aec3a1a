console.log('haute/deploy 1.0.0: build-push');
await (await import('../../dist/index.js')).run('github', 'build-push');
