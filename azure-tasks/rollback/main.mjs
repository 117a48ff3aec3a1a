console.log('haute/deploy 1.0.0: rollback');
await (await import('./dist/index.js')).run('azure', 'rollback');
