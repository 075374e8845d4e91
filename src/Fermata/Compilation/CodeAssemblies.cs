using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>The dynamic assemblies that the code of a module lies in, each form of a function in a class of its own, so that each is made when it is first needed.</summary>
/// <param name="isCollectible">Whether the code goes when nothing uses it any more.</param>
/// <param name="instances">The class of the module's instances.</param>
/// <param name="image">The functions of the module that have code already.</param>
internal sealed class CodeAssemblies(bool isCollectible, InstanceClass instances, CodeImage? image = null) : CodeTarget
{
    private readonly AssemblySeries _series = new("Fermata.Code", isCollectible);

    /// <summary>The tokens for each assembly: a class may get its code when others were begun.</summary>
    private readonly Dictionary<System.Reflection.Module, MemberTokens> _tokens = [];

    public override InstanceClass Class => instances;

    /// <summary>The code of the module.</summary>
    public ModuleCode Code { get; set; } = null!;

    public override MethodInfo? Find(int function) => image?.MethodOf(function);

    public override TypeBuilder DefineClass(ModuleCompiler compiler, string name)
    {
        var type = _series.DefineCodeClass(name);
        var assembly = (ModuleBuilder)type.Module;
        if (!_tokens.ContainsKey(assembly))
        {
            _tokens.Add(assembly, new MemberTokens(assembly));
            var runtimeAssembly = DynamicAssembly.RuntimeAssemblyOf(assembly);
            Code.Name(runtimeAssembly);

            // .NET does not know where a type is that only the signature of a method in yet another assembly has brought here.
            assembly.GetTypeMetadataToken(instances.Type);
            CodeOnDemand.Register(runtimeAssembly, compiler);
        }

        return type;
    }

    public override ILGenerator WriterOf(MethodBuilder method) => _tokens[method.Module].WriterOf(method);

    /// <summary>The class may be complete: it has two methods if one stands before the function.</summary>
    public override MethodInfo Complete(MethodBuilder method) => ((TypeBuilder)method.DeclaringType!).CreateType().GetMethod(method.Name)!;
}
