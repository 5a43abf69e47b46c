{ email = "webmaster@zine.example"; }
