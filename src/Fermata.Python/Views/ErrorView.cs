namespace Fermata.Python.Views;

/// <summary>Exceptions of .NET: type and message, and nothing of the host's stack.</summary>
internal sealed class ErrorView : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.Error;

    public override string TextOf(object value) => $"{TypeNameOf(value)}: {((Exception)value).Message}";

    public override IEnumerable<string> NamesOf(object value) => ["name", "message"];

    public override bool TryGet(object value, string name, out object? result)
    {
        result = name switch
        {
            "name" => TypeNameOf(value),
            "message" => ((Exception)value).Message,
            "stack" => "",
            _ => null,
        };
        return result is not null;
    }
}
