"""Mail as it leaves the site: the words of a letter, the message around it, and its delivery."""
