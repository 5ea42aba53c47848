/** Entering the code of a notice to an affected person. */
import type { SignInModel } from '../sign-in/model.ts'

export type NoticeSignInModel = SignInModel
