console.log('haute/deploy 1.0.0: auto');
await (await import('../dist/index.js')).run('github', 'auto');
