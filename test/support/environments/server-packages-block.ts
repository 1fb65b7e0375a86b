/** How the predecessor marked the packages of its servers in requirements.txt. */
export const heading =
  '# These are necessary packages to build `server` and `worker`.\n# Please do not change them.\n';
export const fence = '# =================\n';
