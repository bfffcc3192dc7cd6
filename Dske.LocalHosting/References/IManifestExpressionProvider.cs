namespace Dske.LocalHosting;

/// <summary>A value that has a placeholder to stand for it where the application is described rather than run.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The placeholder, for instance <c>{hank.bindings.http.url}</c>.</summary>
    string ValueExpression { get; }
}
