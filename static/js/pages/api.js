/** Shows the programming interface with Swagger UI, which comes as a classic script. */

const root = /** @type {HTMLElement} */ (document.getElementById("api"));
const { document: address, csrf } = root.dataset;

/**
 * Adds the CSRF token to what people try out on the page.
 * @param {{headers: Record<string, string>}} request
 */
function signed(request) {
  request.headers["X-CSRFToken"] = csrf ?? "";
  return request;
}

const { SwaggerUIBundle } = /** @type {{SwaggerUIBundle: Function}} */ (/** @type {unknown} */ (window));
SwaggerUIBundle({ url: address, dom_id: "#api", requestInterceptor: signed, validatorUrl: null });
