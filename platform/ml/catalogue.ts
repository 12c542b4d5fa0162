import { planned, type CatalogueRows } from "../catalogue-row.ts";

/** The systems of the machine learning layer, in the order in which they are deployed. */
export const mlRows = {
  smon: planned("ml", "Signal monitor"),
  hrdump: planned("ml", "Hourly dump"),
  compressor: planned("ml", "Compressor"),
  mlflow: planned("ml", "MLflow"),
  kserve: planned("ml", "KServe"),
  "kubeflow-trainer": planned("ml", "Kubeflow Trainer"),
  katib: planned("ml", "Katib"),
  "kubeflow-pipelines": planned("ml", "Kubeflow Pipelines"),
  "argo-workflows": planned("ml", "Argo Workflows"),
} as const satisfies CatalogueRows;
