/** What we use of rtlcss, which comes without types. */
declare module 'rtlcss' {
  const rtlcss: { readonly process: (css: string) => string }
  // biome-ignore lint/style/noDefaultExport: the package has one
  export default rtlcss
}
