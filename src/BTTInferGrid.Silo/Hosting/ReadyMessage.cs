namespace BTTInferGrid.Silo.Hosting;

/// <summary>What a person needs when the grid is up: where it is, the key, and a command that can be pasted.</summary>
internal static class ReadyMessage
{
    public static string Write(string url, string key, string keyPath, string model) =>
        $$"""

        BTTInferGrid is ready on {{url}}

          API key   {{key}}
                    (also in {{keyPath}})
          Model     {{model}}

        Try it:

          curl -N {{url}}/v1/chat/completions \
            -H "Authorization: Bearer {{key}}" \
            -H "Content-Type: application/json" \
            -d '{"model": "{{model}}", "stream": true, "temperature": 0, "messages": [{"role": "user", "content": "What is the capital of Japan?"}]}'

        Any OpenAI client works: base URL {{url}}/v1, and the key above. Ctrl-C stops the grid.

        """;
}
