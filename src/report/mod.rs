//! Every output format; knows nothing of what produced the findings.
