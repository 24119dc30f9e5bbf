"""What clerks do to cases: the steps of a provision taken one after the other, and the workbench for it."""
