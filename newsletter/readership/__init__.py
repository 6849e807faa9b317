"""The admin's side of subscribers: found, looked at, added with proof, exported."""
