using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Fermata.Tests.Shared;

/// <summary>xUnit, with a <see cref="TestWatch"/>. Compiled into each test project.</summary>
internal sealed class WatchedTestFramework(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new WatchedExecutor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);
}
