/** What we use of rtlcss, which comes without types. */
declare module 'rtlcss' {
  const rtlcss: { readonly process: (css: string) => string }
  export default rtlcss
}
