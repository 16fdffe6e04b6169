/** Where the page begins. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
// The ground comes first, so that every part may depart from it.
import "./design/tokens.css";
import "./design/ground.css";
import { App } from "./app/App";
import { ErrorBoundary } from "./app/ErrorBoundary";
import "./app/app.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary part="The page">
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
