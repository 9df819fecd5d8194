#!/usr/bin/env bash
# SpiffWorkflow: in a decision table a child of three is over seven, and overlapping rules pass unseen.
# Expected: a rule ">= 7" is held against the value of the input's expression. A table UNIQUE (the default)
#   has rules of which one applies at most, so two are an error; RULE ORDER gives the results of all in
#   order, and COLLECT with the aggregation SUM their sum.
# Happens: expression and rule are joined as text. With the input `wiek or 0` (a missing age is 0) Python reads
#   `wiek or (0 >= 7)`, so each age but 0 meets the rule, and a child of three gets the hours of those over
#   seven; so too with `wiek if wiek is not None else 0`. Only a rule that is a plain value is put into
#   brackets. Two rules that both apply are no error in a UNIQUE table: the first is taken. RULE ORDER gives
#   the first alone as well, and so does ANY, though the two results differ; SUM gives the list.
# Seen in: SpiffWorkflow 3.2.0.
# So: write rules with the question mark, `? >= 7`, which stands for the value, or put the input's expression
#   into brackets; have no policy but UNIQUE and COLLECT, and test that no two rules apply at once.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check SpiffWorkflow==3.2.0
"$folder/venv/bin/python" - <<'PYTHON'
from html import escape
from importlib.metadata import version

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/"
 xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"><process id="wniosek" isExecutable="true">
 <startEvent id="start"/><sequenceFlow id="first" sourceRef="start" targetRef="decide"/>
 <businessRuleTask id="decide"><extensionElements>
 <spiffworkflow:calledDecisionId>hours</spiffworkflow:calledDecisionId></extensionElements></businessRuleTask>
 <sequenceFlow id="second" sourceRef="decide" targetRef="end"/><endEvent id="end"/></process></definitions>"""
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="all" name="all" namespace="http://example.org/">
 <decision id="hours" name="hours"><decisionTable id="table" {policy}><input id="age" label="wiek">
 <inputExpression id="age_is" typeRef="number"><text>{value}</text></inputExpression></input>
 <output id="out" name="godziny" typeRef="number"/>{rules}</decisionTable></decision></definitions>"""
RULE = """<rule id="rule{number}"><inputEntry id="when{number}"><text>{when}</text></inputEntry>
 <outputEntry id="then{number}"><text>{then}</text></outputEntry></rule>"""


def decided(age: int, rules: dict[str, int], value: str = "wiek", policy: str = "") -> object:
    written = "".join(RULE.format(number=n, when=escape(when), then=then) for n, (when, then) in enumerate(rules.items()))
    parser = SpiffBpmnParser()
    parser.add_bpmn_str(PROCESS.encode())
    parser.add_dmn_str(TABLE.format(policy=policy, value=value, rules=written).encode())
    workflow = BpmnWorkflow(parser.get_spec("wniosek"), parser.get_subprocess_specs("wniosek"))
    workflow.get_next_task(state=TaskState.READY).data["wiek"] = age
    workflow.run_all()
    assert workflow.is_completed()
    return workflow.data.get("godziny")


print("SpiffWorkflow", version("SpiffWorkflow"))
BY_AGE, ASKED, PLAIN = {">= 7": 4, "< 7": 2}, {"? >= 7": 4, "? < 7": 2}, {"7": 4, "3": 2}
seen = {
    value: [decided(3, rules, value) for rules in (BY_AGE, ASKED, PLAIN)]
    for value in ("wiek", "wiek or 0", "wiek if wiek is not None else 0", "(wiek or 0)")
}
for value, hours in seen.items():
    print(f"age 3, input {value!r}: by '>= 7' {hours[0]} hours, by '? >= 7' {hours[1]}, by '7' {hours[2]}")
OVERLAP = {">= 3": 2, ">= 7": 4}
POLICIES = ["", 'hitPolicy="UNIQUE"', 'hitPolicy="RULE ORDER"', 'hitPolicy="ANY"', 'hitPolicy="COLLECT"',
            'hitPolicy="COLLECT" aggregation="SUM"']
overlapping = {policy: decided(8, OVERLAP, policy=policy) for policy in POLICIES}
for policy, hours in overlapping.items():
    print(f"age 8, rules {OVERLAP}, {policy or 'no policy'}: {hours}")

assert seen["wiek"] == seen["(wiek or 0)"] == [2, 2, 2]
assert seen["wiek or 0"] == seen["wiek if wiek is not None else 0"] == [4, 2, 2], "three is under seven now"
assert overlapping[""] == overlapping['hitPolicy="UNIQUE"'] == 2, "an overlap is told now"
assert overlapping['hitPolicy="RULE ORDER"'] == overlapping['hitPolicy="ANY"'] == 2, "other policies are followed now"
assert overlapping['hitPolicy="COLLECT"'] == overlapping['hitPolicy="COLLECT" aggregation="SUM"'] == [2, 4], "a sum is a sum now"
PYTHON
