console.log('haute/deploy 1.0.0: deploy-staging');
await (await import('../../dist/index.js')).run('github', 'deploy-staging');
