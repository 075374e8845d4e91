namespace Fermata.Emscripten.Glue;

/// <summary>What a module is to the others of a program, where these are linked when it runs.</summary>
internal enum GlueRole
{
    /// <summary>It is alone.</summary>
    Program,

    /// <summary>It is the main module: it exports the tags and the state of its glue, under names that begin with <see cref="SharedGlue.Prefix"/>, if it has any.</summary>
    Main,

    /// <summary>It is a side module: its glue imports those of the main module, from <see cref="SharedGlue.Module"/>, and what the main module itself has for its glue.</summary>
    Side,
}
