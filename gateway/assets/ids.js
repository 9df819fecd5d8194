"use strict";
// No document can know the ids of a platform, but it says which list has them: "Try it out" begins with those.
(() => {
  const MOST = 8; // things that are looked through for one with something below it
  const LIST = /`GET (\/v1\/[^`]+)`/;

  const payloadOf = (token) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));

  // Who works in an institution acts for that one alone.
  const ownFirst = (things, own) => [...things].sort((one, other) => (other.id === own) - (one.id === own));

  // `whole`: the document; `ask`: the answer to a GET as { body, etag }, undefined where there is none.
  const finder = (whole, ask, own) => {
    const resolved = (schema) =>
      schema?.$ref ? resolved(whole.components.schemas[schema.$ref.split("/").pop()]) : schema || {};
    const exampleOf = (parameter) => {
      const schema = resolved(parameter.schema);
      return parameter.example ?? schema.examples?.[0] ?? schema.enum?.[0];
    };
    const reads = (address) => whole.paths[address]?.get;
    const inPath = (address) => address.match(/(?<={)\w+(?=})/g) || [];
    const put = (address, ids) => address.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(ids[name]));

    // What is asked for when nothing but what must be is asked for.
    const required = (operation) =>
      (operation?.parameters || [])
        .filter((each) => each.in === "query" && each.required)
        .map((each) => [each.name, exampleOf(each)]);
    const queryOf = (operation) => {
      const query = new URLSearchParams(required(operation)).toString();
      return query && `?${query}`;
    };

    const thingsAt = async (address, member) => {
      const { body } = (await ask(address)) || {};
      const things = body?.items || body?.entry?.map((each) => each.resource) || body?.[member] || [];
      return ownFirst(things, own);
    };

    // The values that a parameter of this path may have, given those before it; the example comes first.
    async function* valuesOf(name, path, parameter, ids) {
      const example = parameter && exampleOf(parameter);
      if (example !== undefined) yield example;
      const above = path.split(`{${name}}`)[0].replace(/\/$/, "");
      const list = LIST.exec(parameter?.description)?.[1] || (reads(above) && above);
      if (!list) return;
      const member = above.split("/").pop().replaceAll("-", "_");
      for await (const found of filled(list, ids)) {
        const things = await thingsAt(put(list, found) + queryOf(reads(list)), member);
        const values = things.map((thing) => thing[name] ?? (name.endsWith("_id") ? thing.id : undefined));
        yield* values.filter((value) => value !== undefined && value !== example).slice(0, MOST);
      }
    }

    // Every way to fill in the path, one id after another: a thing that has nothing below it leads on to the next.
    async function* filled(path, ids = {}, parameters = reads(path)?.parameters || []) {
      const name = inPath(path).find((each) => !(each in ids));
      if (!name) return yield ids;
      const parameter = parameters.find((each) => each.in === "path" && each.name === name);
      for await (const value of valuesOf(name, path, parameter, ids)) {
        yield* filled(path, { ...ids, [name]: value }, parameters);
      }
    }

    // Where the ids are that a body refers to, by the names of its members.
    const listsIn = (schema, known = new Set(), lists = {}) => {
      const told = resolved(schema);
      if (known.has(told)) return lists;
      known.add(told);
      for (const [name, member] of Object.entries(told.properties || {})) {
        const list = LIST.exec(member.description)?.[1];
        if (list) lists[name] = list;
        else listsIn(member, known, lists);
      }
      for (const each of [told.items, ...(told.anyOf || []), ...(told.oneOf || []), ...(told.allOf || [])]) {
        if (each) listsIn(each, known, lists);
      }
      return lists;
    };

    const withIds = (example, ids) => {
      if (Array.isArray(example)) return example.map((each) => withIds(each, ids));
      if (example === null || typeof example !== "object") return example;
      const members = Object.entries(example).map(([name, value]) => {
        if (!ids[name]?.length || value === null) return [name, withIds(value, ids)];
        // Two members of one kind are about two things.
        const id = ids[name].length > 1 ? ids[name].shift() : ids[name][0];
        return [name, Array.isArray(value) ? [id] : id];
      });
      return Object.fromEntries(members);
    };

    const bodyOf = async (operation, ids) => {
      const media = operation.requestBody?.content?.["application/json"];
      const example = media?.example ?? resolved(media?.schema).examples?.[0];
      if (!example) return undefined;
      const lists = listsIn(media.schema);
      const known = {};
      for (const list of new Set(Object.values(lists))) {
        for await (const found of filled(list, ids)) {
          known[list] = (await thingsAt(put(list, found) + queryOf(reads(list)))).map((thing) => thing.id);
          if (known[list].length) break;
        }
      }
      return withIds(example, Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, known[list]])));
    };

    // Of the thing that the path is about: the nearest above that has a version.
    const etagOf = async (path, ids) => {
      for (let above = path; above; above = above.slice(0, above.lastIndexOf("/"))) {
        const names = inPath(above);
        const known = reads(above) && names.length && names.every((each) => each in ids);
        const etag = known && (await ask(put(above, ids)))?.etag;
        if (etag) return etag;
      }
      return undefined;
    };

    return async (path, method) => {
      const operation = whole.paths[path][method];
      const parameters = operation.parameters || [];
      let ids = {};
      // Where nothing is as far down as the path leads, what is above it.
      for (let known = path; inPath(known).length && !Object.keys(ids).length; known = known.split(/\/[^/]*{\w+}[^{]*$/)[0]) {
        for await (ids of filled(known, {}, parameters)) break;
      }
      const conditional = parameters.some((each) => each.name === "if-match");
      const etag = conditional ? await etagOf(path, ids) : undefined;
      const values = { ...Object.fromEntries(required(operation)), ...ids, ...(etag && { "if-match": etag }) };
      return { values, body: await bodyOf(operation, ids) };
    };
  };

  // Swagger UI's button "Try it out" also fills in. Beside a development issuer alone: elsewhere the lists are of real
  // people, and whoever reads them is on record.
  const plugin = (whole) => (system) => ({
    wrapComponents: {
      parameters: (Plain) => (props) => {
        const fill = async () => {
          const token = system.authSelectors.authorized().getIn(["bearer", "value"]);
          if (!token) return;
          const answers = new Map();
          const ask = (address) => answers.get(address) || answers.set(address, asked(address, token)).get(address);
          const [path, method] = props.pathMethod;
          const { values, body } = await finder(whole, ask, payloadOf(token).institution_id)(path, method);
          for (const parameter of props.parameters) {
            const value = values[parameter.get("name")];
            if (value !== undefined) system.specActions.changeParamByIdentity(props.pathMethod, parameter, value);
          }
          const text = body && JSON.stringify(body, null, 2);
          if (text) system.oas3Actions.setRequestBodyValue({ value: text, pathMethod: props.pathMethod });
        };
        const onTryoutClick = (...given) => {
          props.onTryoutClick(...given);
          fill();
        };
        return system.React.createElement(Plain, { ...props, onTryoutClick });
      },
    },
  });

  const asked = async (address, token) => {
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${token}`, Accept: "application/json" } });
    const isJson = (answer.headers.get("content-type") || "").includes("json");
    if (!answer.ok || !isJson) return undefined;
    return { body: await answer.json(), etag: answer.headers.get("etag") };
  };

  globalThis.splotIds = { finder, plugin };
})();
