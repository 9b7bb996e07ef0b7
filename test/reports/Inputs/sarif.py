"""SARIF 2.1.0 as far as emm writes it: each object's required and allowed properties, values and references.

Written down from section 3 of the OASIS standard, not the published JSON schema: objects and properties that emm does not
write are allowed by name and not looked into. `check(document)` raises AssertionError with the path of what is wrong.
"""

import re

TEXT, URI, INT, POSITIVE, BOOL = "text", "uri", "int", "positive", "bool"
PROPERTIES = {"properties": "bag"}

# Type: (required, {property: type}, further allowed names). A list holds a type and the least number of elements.
TYPES = {
    "log": (["version", "runs"], {"$schema": URI, "version": ("2.1.0",), "runs": ["run", 0]}, "inlineExternalProperties"),
    "run": (["tool"], {"tool": "tool", "originalUriBaseIds": "bases", "columnKind": ("utf16CodeUnits", "unicodeCodePoints"),
                       "results": ["result", 0]},
            "invocations conversion language versionControlProvenance artifacts logicalLocations graphs automationDetails "
            "runAggregates baselineGuid redactionTokens defaultEncoding defaultSourceLanguage newlineSequences "
            "externalPropertyFileReferences threadFlowLocations taxonomies addresses translations policies webRequests "
            "webResponses specialLocations"),
    "tool": (["driver"], {"driver": "component"}, "extensions"),
    "component": (["name"], {"name": TEXT, "semanticVersion": TEXT, "version": TEXT, "informationUri": URI, "rules": ["rule", 0]},
                  "guid organization product productSuite shortDescription fullDescription fullName dottedQuadFileVersion "
                  "releaseDateUtc downloadUri globalMessageStrings notifications taxa locations language contents isComprehensive "
                  "localizedDataSemanticVersion minimumRequiredLocalizedDataSemanticVersion associatedComponent "
                  "translationMetadata supportedTaxonomies"),
    "rule": (["id"], {"id": TEXT, "name": TEXT, "shortDescription": "multiformat", "fullDescription": "multiformat",
                      "help": "multiformat", "helpUri": URI, "defaultConfiguration": "configuration"},
             "deprecatedIds guid deprecatedGuids deprecatedNames messageStrings relationships"),
    "multiformat": (["text"], {"text": TEXT, "markdown": TEXT}, ""),
    "configuration": ([], {"enabled": BOOL, "level": ("none", "note", "warning", "error")}, "rank parameters"),
    "result": (["message"], {"ruleId": TEXT, "ruleIndex": INT, "level": ("none", "note", "warning", "error"),
                             "kind": ("pass", "open", "informational", "notApplicable", "review", "fail"), "message": "message",
                             "locations": ["location", 0], "relatedLocations": ["location", 0], "partialFingerprints": "texts",
                             "fingerprints": "texts", "codeFlows": ["codeFlow", 0], "stacks": ["stack", 0],
                             "suppressions": ["suppression", 0], "baselineState": ("new", "unchanged", "updated", "absent")},
               "rule analysisTarget guid correlationGuid occurrenceCount graphs graphTraversals rank attachments "
               "hostedViewerUri workItemUris provenance fixes taxa webRequest webResponse"),
    "message": (["text"], {"text": TEXT, "markdown": TEXT}, "id arguments"),
    "location": ([], {"id": INT, "physicalLocation": "physical", "logicalLocations": ["logical", 0], "message": "message"},
                 "annotations relationships"),
    "physical": (["artifactLocation"], {"artifactLocation": "artifact", "region": "region", "contextRegion": "region"}, "address"),
    "artifact": ([], {"uri": URI, "uriBaseId": TEXT, "index": INT, "description": "message"}, ""),
    "region": ([], {"startLine": POSITIVE, "startColumn": POSITIVE, "endLine": POSITIVE, "endColumn": POSITIVE},
               "charOffset charLength byteOffset byteLength snippet message sourceLanguage"),
    "logical": ([], {"name": TEXT, "fullyQualifiedName": TEXT, "decoratedName": TEXT, "kind": TEXT, "index": INT}, "parentIndex"),
    "codeFlow": (["threadFlows"], {"threadFlows": ["threadFlow", 1], "message": "message"}, ""),
    "threadFlow": (["locations"], {"locations": ["flowLocation", 1], "id": TEXT, "message": "message"},
                   "initialState immutableState"),
    "flowLocation": ([], {"location": "location", "importance": ("important", "essential", "unimportant"), "nestingLevel": INT},
                     "index stack kinds taxa module state executionOrder executionTimeUtc webRequest webResponse"),
    "stack": (["frames"], {"frames": ["frame", 0], "message": "message"}, ""),
    "frame": ([], {"location": "location", "module": TEXT, "threadId": INT}, "parameters"),
    "suppression": (["kind"], {"kind": ("inSource", "external"), "justification": TEXT,
                               "status": ("accepted", "underReview", "rejected")}, "guid location"),
}
URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*\Z")


def value(node, kind, at):
    if isinstance(kind, tuple):
        assert node in kind, f"{at}: {node!r} is none of {kind}"
    elif isinstance(kind, list):
        assert isinstance(node, list) and len(node) >= kind[1], f"{at}: not a list of at least {kind[1]}"
        for i, item in enumerate(node):
            value(item, kind[0], f"{at}[{i}]")
    elif kind in (TEXT, URI):
        assert isinstance(node, str), f"{at}: not text"
        assert kind == TEXT or URI_REFERENCE.match(node), f"{at}: no URI reference: {node}"
    elif kind in (INT, POSITIVE):
        assert type(node) is int and node >= (1 if kind == POSITIVE else -1), f"{at}: {node!r}"
    elif kind == BOOL:
        assert isinstance(node, bool), f"{at}: not a truth value"
    elif kind == "texts":
        assert isinstance(node, dict) and all(isinstance(v, str) for v in node.values()), f"{at}: values are text"
    elif kind == "bases":
        for name, base in node.items():
            value(base, "artifact", f"{at}.{name}")
    elif kind == "bag":
        tags = node.get("tags", [])
        assert len(set(tags)) == len(tags), f"{at}: tags repeat"
    else:
        obj(node, kind, at)


def obj(node, kind, at):
    required, known, further = TYPES[kind]
    assert isinstance(node, dict), f"{at}: not an object"
    for name in required:
        assert name in node, f"{at}: lacks {name}"
    for name, child in node.items():
        if name in known or name in PROPERTIES:
            value(child, known.get(name) or PROPERTIES[name], f"{at}.{name}")
        else:
            assert name in further.split(), f"{at}: {name} is no property of a {kind}"


def check(document):
    obj(document, "log", "sarif")
    for r, run in enumerate(document["runs"]):
        rules = run["tool"]["driver"].get("rules", [])
        bases = run.get("originalUriBaseIds", {})
        for i, result in enumerate(run.get("results", [])):
            at = f"runs[{r}].results[{i}]"
            if "ruleIndex" in result:
                assert rules[result["ruleIndex"]]["id"] == result["ruleId"], f"{at}: ruleIndex and ruleId differ"
            for place in locations(result):
                artifact = place["artifactLocation"]
                assert artifact.get("uriBaseId", next(iter(bases), None)) in bases, f"{at}: unknown uriBaseId"
                region = place.get("region", {})
                assert not region or "startLine" in region, f"{at}: a region without a line"


def locations(node):
    """Every physical location below \\p node."""
    if isinstance(node, dict):
        if "artifactLocation" in node:
            yield node
        for child in node.values():
            yield from locations(child)
    elif isinstance(node, list):
        for child in node:
            yield from locations(child)
