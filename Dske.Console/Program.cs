using Dske.Console;
using Dske.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(options => options.ServePages(builder.Configuration));
builder.AddPages();
builder.AddNetwork();

var app = builder.Build();
app.UsePageAccess();
app.MapDefaultEndpoints();
app.MapPages();
return await app.RunNodeAsync();
