using Fermata.Durable;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Durable calls as a service of an application.</summary>
public static class DurableServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="DurableHost"/> that runs with the application, with its log, and a health check for it named <c>fermata-durable</c>. The host is had by
    /// <see cref="DurableHostAccessor"/> as soon as the application has started.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How the host works. Its log is that of the application.</param>
    /// <param name="define">Defines its functions and adds its modules, before it starts.</param>
    public static IServiceCollection AddFermataDurable(this IServiceCollection services, DurableHostOptions options, Func<IServiceProvider, DurableHost, Task> define)
    {
        services.AddDurableHost(options, define, takes: true);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DurableHostAccessor>());
        return services;
    }

    /// <summary>Adds a host that somebody starts.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How the host works.</param>
    /// <param name="define">Defines its functions and adds its modules.</param>
    /// <param name="takes">Whether it takes stores that are due.</param>
    internal static void AddDurableHost(this IServiceCollection services, DurableHostOptions options, Func<IServiceProvider, DurableHost, Task> define, bool takes)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(define);
        services.AddSingleton(provider => new DurableHostAccessor(
            options with { Logging = provider.GetService<ILoggerFactory>() ?? options.Logging }, host => define(provider, host), takes));
        services.AddHealthChecks().Add(new HealthCheckRegistration("fermata-durable", provider => provider.GetRequiredService<DurableHostAccessor>(), failureStatus: null, tags: null));
    }
}
