using System.Reflection.Emit;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>The dynamic assemblies that the code of a module lies in, each form of a function in a class of its own, so that each is made when it is first needed.</summary>
/// <param name="compiler">The compiler of the module.</param>
/// <param name="code">The code of the module.</param>
internal sealed class CodeAssemblies(ModuleCompiler compiler, ModuleCode code)
{
    private readonly AssemblySeries _series = new("Fermata.Code", compiler.Options.IsCollectible);

    /// <summary>The tokens for each assembly: a class may get its code when others were begun.</summary>
    private readonly Dictionary<System.Reflection.Module, MemberTokens> _tokens = [];

    /// <summary>Defines a class for the code of one function.</summary>
    public TypeBuilder DefineClass(string name)
    {
        var type = _series.DefineCodeClass(name);
        var assembly = (ModuleBuilder)type.Module;
        if (!_tokens.ContainsKey(assembly))
        {
            _tokens.Add(assembly, new MemberTokens(assembly));
            var runtimeAssembly = DynamicAssembly.RuntimeAssemblyOf(assembly);
            code.Name(runtimeAssembly);

            // .NET does not know where a type is that only the signature of a method in yet another assembly has brought here.
            assembly.GetTypeMetadataToken(compiler.Class.Type);
            CodeOnDemand.Register(runtimeAssembly, compiler);
        }

        return type;
    }

    /// <summary>The generator of a method of such a class.</summary>
    public ILGenerator WriterOf(MethodBuilder method) => _tokens[method.Module].WriterOf(method);
}
