// Scripts stand in files of their own, so that the pages' content security policy can forbid inline ones.
"use strict";
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  onComplete() {
    const info = window.ui.specSelectors.info();
    if (info && info.get("title")) document.title = info.get("title");
  },
});
