using System.Text.Json;

namespace Fermata.Durable;

/// <summary>A function that the host does: what is asked and answered is of the host's own types.</summary>
internal sealed class CallFunction<TRequest, TResult>(string name, Func<DurableCall, TRequest, Task<TResult>> call, JsonSerializerOptions json) : DurableFunction(name)
{
    public override async Task<string> CallAsync(DurableCall durableCall, string request)
    {
        var result = await call(durableCall, JsonSerializer.Deserialize<TRequest>(request, json)!).ConfigureAwait(false);
        return JsonSerializer.Serialize(result, json);
    }

    public (Delegate Begin, Delegate Complete) Steps(Delegate request, Delegate complete) =>
        Steps(request, value => new Asked(JsonSerializer.Serialize((TRequest)value!, json)), complete, typeof(TResult));
}
