/** `*` and `?` within a name, `**` over folders, `{a,b}` for either, `[abc]` for one of them. */
export function globPattern(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\{|\}|,|\[[^\]/]+\]|[^*?{},[]+|\[/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token === '{') return depth++ >= 0 ? '(?:' : '';
    if (token === '}' && depth > 0) return depth-- > 0 ? ')' : '';
    if (token === ',' && depth > 0) return '|';
    if (token.startsWith('[') && token.length > 2) return token.replace(/^\[!/, '[^');
    return token.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u');
}
