// Fills in the code of a mailed link, which stands behind # so that no server and no log gets it,
// and takes it out of the address.
const code = new URLSearchParams(location.hash.slice(1)).get("token");
const field = document.querySelector("input[name=token]");
if (code && field) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
}
