using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Chat;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Embeddings;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Grid;
using BTTInferGrid.Front.Health;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Front.Models;
using BTTInferGrid.Front.OpenApi;
using BTTInferGrid.Front.TextCompletions;
using BTTInferGrid.Front.Tokens;
using BTTInferGrid.Inference;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Front;

/// <summary>Puts the front into a web application that also has a silo, or a client of one.</summary>
public static class FrontExtensions
{
    /// <summary>
    /// Registers the catalogue of models, which is loaded when the host starts. <c>LlamaLibrary</c> must be registered too.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the models.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGridCatalogue(this IServiceCollection services, Action<FrontOptions> configure)
    {
        services.AddOptions<FrontOptions>().Configure(configure);
        services.TryAddSingleton<ModelCatalogue>();
        services.AddHostedService<CatalogueLoading>();
        return services;
    }

    /// <summary>Registers what the front needs, the catalogue included.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the models.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGridFront(this IServiceCollection services, Action<FrontOptions> configure)
    {
        services.AddGridCatalogue(configure);
        services.TryAddKeyedSingleton(GridClockAttribute.Name, TimeProvider.System);
        services.TryAddSingleton<IJobStreams, ClusterJobStreams>();
        services.AddSingleton<FrontStop>();
        services.AddSingleton<CompletionRunner>();
        services.AddSingleton<ChatEndpoint>();
        services.AddSingleton<TextCompletionEndpoint>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<TokensEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<GridEndpoint>();
        services.AddSingleton<KeyStore>();
        services.AddSingleton<ApiKeyLookup>();
        services.AddSingleton<KeyAdmission>();
        services.AddSingleton<KeysEndpoint>();
        return services;
    }

    /// <summary>Lets only callers whose API key has the scope <c>admin</c> use routes that are not the front's own.</summary>
    /// <param name="routes">The routes.</param>
    /// <returns>The same routes.</returns>
    public static RouteGroupBuilder RequireAdminKey(this RouteGroupBuilder routes) => routes
        .AddEndpointFilter<RouteGroupBuilder, ApiKeyFilter>()
        .WithMetadata(new RequiredScope(ApiKeyScopes.Admin));

    /// <summary>
    /// Lets only callers whose API key has the scope <c>admin</c> use pages that are not the front's own. A browser asks for
    /// the key as the password of a login.
    /// </summary>
    /// <param name="routes">The routes.</param>
    /// <returns>The same routes.</returns>
    public static RouteGroupBuilder RequireAdminLogin(this RouteGroupBuilder routes) =>
        routes.RequireAdminKey().WithMetadata(BrowserLogin.Instance);

    /// <summary>Maps the front's routes.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapGridFront(this WebApplication app)
    {
        var services = app.Services;
        var health = services.GetRequiredService<HealthEndpoint>();
        var models = services.GetRequiredService<ModelsEndpoint>();
        var chat = services.GetRequiredService<ChatEndpoint>();
        var texts = services.GetRequiredService<TextCompletionEndpoint>();
        var embeddings = services.GetRequiredService<EmbeddingsEndpoint>();
        var tokens = services.GetRequiredService<TokensEndpoint>();
        var grid = services.GetRequiredService<GridEndpoint>();
        var keys = services.GetRequiredService<KeysEndpoint>();
        var options = services.GetRequiredService<IOptions<FrontOptions>>().Value;

        app.UseMiddleware<ApiErrorMiddleware>();
        app.UseRouting();
        app.MapGet("/health/live", HealthEndpoint.LiveAsync);
        app.MapGet("/health/ready", health.ReadyAsync);
        app.MapGet("/openapi/v1.json", OpenApiEndpoint.HandleAsync);

        var keyed = app.MapGroup("")
            .AddEndpointFilter<RouteGroupBuilder, ApiKeyFilter>()
            .WithMetadata(
                new RequestSizeLimitAttribute(options.MaxRequestBytes), new RequiredScope(ApiKeyScopes.Inference));
        keyed.MapPost("/tokenize", tokens.TokenizeAsync);
        keyed.MapPost("/detokenize", tokens.DetokenizeAsync);

        var api = keyed.MapGroup("/v1");
        api.MapGet("/models", models.ListAsync);
        api.MapGet("/models/{**id}", models.GetAsync);
        api.MapPost("/chat/completions", chat.HandleAsync);
        api.MapPost("/completions", texts.HandleAsync);
        api.MapPost("/embeddings", embeddings.HandleAsync);
        api.MapGet("/grid/miners", grid.MinersAsync);
        api.MapGet("/grid/models", grid.ModelsAsync);
        api.MapGet("/grid/jobs/{id}", grid.JobAsync);

        var miners = api.MapGroup("/grid/miners/{id}/suspension").WithMetadata(new RequiredScope(ApiKeyScopes.Admin));
        miners.MapPut("", grid.SuspendAsync);
        miners.MapDelete("", grid.ResumeAsync);

        var admin = api.MapGroup("/grid/keys").WithMetadata(new RequiredScope(ApiKeyScopes.Admin));
        admin.MapGet("", keys.ListAsync);
        admin.MapPost("", keys.CreateAsync);
        admin.MapDelete("/{id}", keys.RevokeAsync);
        return app;
    }
}
