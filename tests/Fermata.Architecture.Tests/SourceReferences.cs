using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fermata.Architecture.Tests;

/// <summary>All places in the engine's source that name something of another folder.</summary>
internal static class SourceReferences
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; " +
        "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    public static string Root { get; } = Path.Combine(RepositoryFolder.Path, "src", "Fermata");

    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.GetFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).StartsWith("obj", StringComparison.Ordinal))
            .Where(file => !Path.GetRelativePath(Root, file).StartsWith("bin", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The first folder below the engine's that a file is in.</summary>
    public static string LayerOf(string file) => Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)[0];

    public static IReadOnlyList<SourceReference> All { get; } = Find();

    private static List<SourceReference> Find()
    {
        var trees = Files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Options, file));
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "mscorlib.dll" or "netstandard.dll");
        var compilation = CSharpCompilation.Create(
            "Fermata",
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, Options)),
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var found = new List<SourceReference>();
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes().Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax))
            {
                if (LowestLayerOf(model.GetSymbolInfo(node).Symbol) is { } layer && layer != LayerOf(tree.FilePath))
                    found.Add(new SourceReference(tree.FilePath, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, node.ToString(), layer));
            }
        }

        return found;
    }

    /// <summary>Where a symbol is declared; a type in parts counts as what its lowest part is.</summary>
    private static string? LowestLayerOf(ISymbol? symbol)
    {
        symbol = symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor ? constructor.ContainingType : symbol;
        if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol)
            return null;
        return symbol.OriginalDefinition.DeclaringSyntaxReferences
            .Select(declaration => LayerOf(declaration.SyntaxTree.FilePath))
            .MinBy(layer => Array.FindIndex(Layers.All, known => known.Name == layer));
    }
}
