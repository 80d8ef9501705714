"""What is learned, and what both training and reading stand on: form, text views, grid. Never knows a Document."""

import os

# ONNX Runtime keeps an identifier of the machine and reports its use to its makers unless it is told not to before it
# loads. This software works offline: what it is used for, and that it is used, stays here.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
