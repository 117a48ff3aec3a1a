console.log('haute/deploy 1.0.0: approve-promote');
await (await import('../../dist/index.js')).run('github', 'approve-promote');
