// What the preview says, in the two languages of the project. `words(lang)` gives one of them.
const all = {
  zh: {
    preview: '预览', ready: '已是最新', building: '生成中', offline: '连接断开，正在重连…', connecting: '连接中…', polling: '定时查看文件', trouble: '写不出来：',
    gone: '这个页面已不存在，下面是最后一次的样子', unready: '新的页面还没做好，下面是最后一次的样子', reload: '重新载入',
    drafts: '草稿', when: '时间', now: '现在', notNow: '工作台显示现在 · 网页显示', workbench: '工作台', unfold: '展开预览栏', fold: '收起',
    errors: (n) => `${n} 个错误`, warnings: (n) => `${n} 个警告`, notes: (n) => `${n} 个提示`,
    faults: '内容里有错误，页面停在最后一次正确的样子', more: (n) => `还有 ${n} 个，见工作台`,
    severity: { error: '错误', warning: '警告', note: '提示' }, why: '为什么', fix: '怎么改：', page: '页面', open: '在编辑器里打开', cannotOpen: '打不开编辑器：',
    filter: '筛选：输入几个字，或 SKU 的几个字母', shown: (n, of) => n === of ? `${of} 行` : `${n} / ${of} 行`, none: '没有符合的', empty: '还没有内容',
    clear: '清除', shop: '看店铺', panels: '面板', pages: '页', problem: '读不到：', again: '再试一次', noFindings: '没有问题，都好', showMore: (n) => `再显示 ${n} 个`,
    keys: '/ 筛选　↑↓ 选行　Enter 打开', sort: '排序', noPicture: '没有图片',
  },
  en: {
    preview: 'Preview', ready: 'up to date', building: 'building', offline: 'connection lost, reconnecting…', connecting: 'connecting…', polling: 'looks at files now and then', trouble: 'cannot be written: ',
    gone: 'This page no longer exists; below is how it was last', unready: 'The new page is not ready; below is how it was last', reload: 'Reload',
    drafts: 'Drafts', when: 'Time', now: 'Now', notNow: 'here is now · pages show', workbench: 'Workbench', unfold: 'Unfold the preview bar', fold: 'Fold',
    errors: (n) => `${n} ${n === 1 ? 'error' : 'errors'}`, warnings: (n) => `${n} ${n === 1 ? 'warning' : 'warnings'}`, notes: (n) => `${n} ${n === 1 ? 'note' : 'notes'}`,
    faults: 'There are errors in the content; the page stays as it last was right', more: (n) => `${n} more, see the workbench`,
    severity: { error: 'error', warning: 'warning', note: 'note' }, why: 'Why', fix: 'Mend:', page: 'Page', open: 'Open in the editor', cannotOpen: 'The editor does not open: ',
    filter: 'Filter: some letters of a name or SKU', shown: (n, of) => n === of ? `${of} ${of === 1 ? 'row' : 'rows'}` : `${n} of ${of} rows`, none: 'Nothing fits', empty: 'Nothing here yet',
    clear: 'Clear', shop: 'See the shop', panels: 'Panels', pages: 'Pages', problem: 'Cannot be read: ', again: 'Try again', noFindings: 'No findings, all is well', showMore: (n) => `Show ${n} more`,
    keys: '/ filter   ↑↓ choose   Enter open', sort: 'Sort', noPicture: 'no picture',
  },
};

export const words = (lang) => all[String(lang).startsWith('zh') ? 'zh' : 'en'];

/** How the shop stands, in a line; no state is no connection. */
export function status(state, say) {
  if (!state) return say.offline;
  if (state.building) return `${say.building} ${state.of ? `${state.done} / ${state.of}` : '…'}`;
  if (state.trouble) return say.trouble + state.trouble;
  return state.polling ? `${say.ready} · ${say.polling}` : say.ready;
}
