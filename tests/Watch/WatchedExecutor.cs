using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Fermata.Tests.Shared;

/// <summary>Shows a <see cref="TestWatch"/> all that happens while tests run.</summary>
internal sealed class WatchedExecutor(AssemblyName assemblyName, ISourceInformationProvider sources, IMessageSink diagnostics)
    : XunitTestFrameworkExecutor(assemblyName, sources, diagnostics)
{
    protected override void RunTestCases(
        IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
    {
        var watch = new TestWatch(executionMessageSink, text => DiagnosticMessageSink.OnMessage(new DiagnosticMessage(text)));
        watch.Start();
        base.RunTestCases(testCases, watch, executionOptions);
    }
}
