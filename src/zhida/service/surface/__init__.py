"""How every page looks: base template, design tokens, template tags, error pages."""
