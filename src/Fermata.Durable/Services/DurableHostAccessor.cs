using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Fermata.Durable;

/// <summary>The host of an application, which starts and stops with it.</summary>
public sealed class DurableHostAccessor : IHostedService, IHealthCheck, IAsyncDisposable
{
    private readonly DurableHostOptions _options;
    private readonly Func<DurableHost, Task> _define;
    private readonly bool _takes;
    private DurableHost? _host;

    internal DurableHostAccessor(DurableHostOptions options, Func<DurableHost, Task> define, bool takes) => (_options, _define, _takes) = (options, define, takes);

    /// <summary>The host.</summary>
    /// <exception cref="InvalidOperationException">The application has not started.</exception>
    public DurableHost Host => _host ?? throw new InvalidOperationException("The durable host starts with the application, which has not started yet.");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var host = await DurableHost.OpenAsync(_options).ConfigureAwait(false);
        await _define(host).ConfigureAwait(false);
        await host.StartAsync(_takes).ConfigureAwait(false);
        _host = host;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _host?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_host is not { IsRunning: true } host)
            return new HealthCheckResult(context.Registration.FailureStatus, "The host does not run calls.");
        try
        {
            await host.CountAsync(DurableCallState.Failed).ConfigureAwait(false);
            return HealthCheckResult.Healthy($"{host.RunningStores} stores run here.");
        }
        catch (Exception exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The database {host.Options.Database.Name} cannot be read.", exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;
}
