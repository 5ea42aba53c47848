/** What we use of govuk-frontend's scripts, which come without types. */
declare module 'govuk-frontend/dist/govuk/components/*' {
  type Component = new (root: Element, config?: object) => object
  export const Button: Component
  export const ErrorSummary: Component
  export const ExitThisPage: Component
  export const SkipLink: Component
}

declare module 'govuk-frontend/dist/govuk/init.mjs' {
  /** Starts a component on each element of the page that asks for it. */
  export function createAll(
    component: new (root: Element, config?: object) => object,
    config?: object,
  ): object[]
}
