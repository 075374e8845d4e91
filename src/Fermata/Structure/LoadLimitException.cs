using System.Globalization;

namespace Fermata;

/// <summary>A module costs more to load than the options of its engine allow. The message says what is too much, and which option to raise.</summary>
public sealed class LoadLimitException : Exception
{
    private LoadLimitException(string option, string message)
        : base(message) => Option = option;

    /// <summary>The name of the property of <c>EngineOptions</c> that sets the limit.</summary>
    public string Option { get; }

    /// <summary>The module has more bytes than <paramref name="limit"/>.</summary>
    internal static LoadLimitException OfBytes(int limit) => new("MaxModuleBytes", string.Create(
        CultureInfo.InvariantCulture,
        $"The module has more than {limit} bytes; raise EngineOptions.MaxModuleBytes to load it."));

    /// <summary>The load took longer than <paramref name="limit"/>.</summary>
    internal static LoadLimitException OfTime(TimeSpan limit, int? function) => new("MaxLoadTime", string.Create(
        CultureInfo.InvariantCulture,
        $"The module took longer than {limit.TotalSeconds} s to load{(function is null ? "" : $", up to function {function}")}; raise EngineOptions.MaxLoadTime to load it."));
}
