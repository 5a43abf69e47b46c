//! `seance.toml` from text to deployment: samples, schema, reference and properties.

mod manifest {
    mod generated;
    mod properties;
    mod samples;
}
