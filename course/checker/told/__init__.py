"""What is told of a failing case: the evidence, the diagnoses that read it, the verdict and its panel."""
