using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python.Fetching;

/// <summary>The part of <c>fetch</c> that is in Python: a module that each interpreter has from its start.</summary>
internal static class FetchScript
{
    public const string Module = "_fermata_fetch";

    /// <summary>The source of the module. <c>over</c> makes the function, given what sends a request (<see cref="Fetcher.SendAsync"/>).</summary>
    public const string Source =
        """
        import builtins
        from collections.abc import Mapping

        class Headers(Mapping):
            "Headers by name, in any case. Values of one name are joined by commas."

            def __init__(self, pairs):
                self._values = {}
                for name, value in pairs:
                    name = name.lower()
                    self._values[name] = f'{self._values[name]}, {value}' if name in self._values else value

            def __getitem__(self, name):
                return self._values[name.lower()]

            def __iter__(self):
                return iter(self._values)

            def __len__(self):
                return len(self._values)

            def __repr__(self):
                return repr(self._values)

        class Response:
            "What came of a request, with all its content."

            def __init__(self, status, status_text, url, headers, content):
                self.status, self.status_text, self.url, self.headers, self.bytes = status, status_text, url, Headers(headers), content

            @property
            def ok(self):
                return 200 <= self.status < 300

            @property
            def text(self):
                from email.message import Message
                message = Message()
                message['Content-Type'] = self.headers.get('Content-Type', '')
                try:
                    return self.bytes.decode(message.get_content_charset() or 'utf-8-sig', 'replace')
                except (LookupError, UnicodeError):
                    return self.bytes.decode('utf-8-sig', 'replace')

            def json(self):
                import json
                return json.loads(self.bytes)

            def __repr__(self):
                return f'<Response {self.status} of {self.url}>'

        def pairs_of(headers):
            pairs = [list(pair) for pair in (headers.items() if isinstance(headers, Mapping) else headers or ())]
            if not all(len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str) for pair in pairs):
                raise TypeError('headers are a dictionary, or pairs, of texts')
            return pairs

        def over(send):
            def fetch(url, *, method='GET', headers=None, body=None):
                "Sends a request of HTTP. What it returns is to be awaited, or given to run_sync, for a Response: status, ok, headers, text, bytes, json()."
                if not isinstance(url, str) or not isinstance(method, str):
                    raise TypeError('URL and method are texts')
                pairs = pairs_of(headers)
                if isinstance(body, str):
                    body = body.encode()
                    if not any(name.lower() == 'content-type' for name, _ in pairs):
                        pairs.append(['Content-Type', 'text/plain;charset=UTF-8'])
                elif body is not None:
                    body = bytes(memoryview(body))
                answers = []

                def succeed(status, status_text, url, headers, content):
                    answers.append(Response(status, status_text, url, headers.to_py(), content.to_bytes()))

                def fail(type, message):
                    answers.append(getattr(builtins, type)(message))

                return answer(send(url, method, pairs, body, succeed, fail), answers)

            async def answer(request, answers):
                await request
                result = answers.pop()
                if isinstance(result, Response):
                    return result
                raise result

            return fetch
        """;

    /// <summary>Makes the function; on the store's turn, or when nothing runs.</summary>
    public static PythonObject NewFunction(Interpreter python, Fetcher fetcher) => python.Enter(() =>
    {
        using var module = python.Import(Module);
        using var over = module.GetAttribute("over");
        return over.Call(new ExposedFunction("send", (Delegate)fetcher.SendAsync));
    });
}
