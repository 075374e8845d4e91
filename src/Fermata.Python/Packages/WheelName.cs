using System.Globalization;
using System.Text.RegularExpressions;

namespace Fermata.Python.Packages;

/// <summary>The name of a wheel's file, which tells what is in it and for which interpreters (packaging.python.org: "Binary distribution format").</summary>
/// <param name="Distribution">The name of the package, by which packages are compared.</param>
/// <param name="Version">Its version.</param>
/// <param name="Tags">The sets of interpreters, their interfaces and platforms, each with dots between.</param>
internal sealed partial record WheelName(string Distribution, string Version, (string Python, string Abi, string Platform) Tags)
{
    /// <summary>What it ends with.</summary>
    public const string Ending = ".whl";

    private const int Minor = 14;

    /// <summary>What the platform of <see cref="PythonDistribution.Version"/> is called.</summary>
    private static readonly string[] Platforms = ["pyemscripten_2026_0_wasm32", "emscripten_5_0_3_wasm32"];

    /// <summary>Whether the interpreter can use it.</summary>
    public bool Fits => Tags.Python.Split('.').Any(python => Tags.Abi.Split('.').Any(abi => Tags.Platform.Split('.').Any(platform => FitsOne(python, abi, platform))));

    /// <summary>Reads a name.</summary>
    /// <returns>Null if it is none of a wheel.</returns>
    public static WheelName? Parse(string fileName) =>
        fileName.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) && fileName[..^Ending.Length].Split('-') is [var name, var version, .. { Length: 3 or 4 } rest]
            ? new WheelName(Normalize(name), version, (rest[^3], rest[^2], rest[^1]))
            : null;

    /// <summary>The name of a package in the one spelling in which names are compared.</summary>
    public static string Normalize(string name) => Separators().Replace(name, "-").ToLowerInvariant();

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();

    private static bool FitsOne(string python, string abi, string platform)
    {
        var isPlatform = platform == "any" || Platforms.Contains(platform);
        return isPlatform && abi switch
        {
            "none" => python is "py3" || (MinorOf(python, "py3") ?? MinorOf(python, "cp3")) <= Minor,
            "abi3" => MinorOf(python, "cp3") <= Minor,
            _ => abi == $"cp3{Minor}" && python == abi,
        };
    }

    private static int? MinorOf(string python, string start) =>
        python.StartsWith(start, StringComparison.Ordinal) && int.TryParse(python.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : null;
}
