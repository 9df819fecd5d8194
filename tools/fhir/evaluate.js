// Whether each expression of a file of cases holds of its QuestionnaireResponse: a JSON array of booleans.
const fhirpath = require("fhirpath");
const r4 = require("fhirpath/fhir-context/r4");
const fs = require("node:fs");

const cases = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const holds = ({ expression, response }) =>
  fhirpath.evaluate(response, expression, { resource: response }, r4)[0] === true;
console.log(JSON.stringify(cases.map(holds)));
