namespace Fermata.Samples;

/// <summary>The files of the samples, as they were copied beside the program.</summary>
public static class SampleFiles
{
    /// <summary>Where a file is.</summary>
    /// <param name="name">Folder and file, for instance <c>01-basic/basic.wasm</c>.</param>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "samples", name);
}
