{ python3Packages }:
python3Packages.buildPythonApplication {
  pname = "tickets";
  version = "1.4.0";
  pyproject = true;
  src = ./.;
  build-system = [ python3Packages.hatchling ];
  dependencies = with python3Packages; [ fastapi uvicorn psycopg ];
  meta.mainProgram = "tickets";
}
